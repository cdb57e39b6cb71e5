const form = document.querySelector("#speak");
const messages = document.querySelector("#messages");
const state = document.querySelector("#state");

const socket = new WebSocket(new URL("/members/chat/socket", location.href.replace(/^http/, "ws")));

socket.addEventListener("open", () => {
  state.textContent = "Connected.";
});

socket.addEventListener("message", ({ data }) => {
  const { from, text } = JSON.parse(data);
  const item = document.createElement("li");
  item.textContent = from === null ? text : `${from}: ${text}`;
  messages.append(item);
});

// 1001: the server stops. 1006: it is gone, or does not let this page in.
socket.addEventListener("close", ({ code }) => {
  state.textContent = `Disconnected (${code}). Reload the page to come back.`;
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(form.elements.text.value);
  form.reset();
});
