// The path decides what is shown: / is the list, /notes/1 a note. The server sends the same page for both.

const main = document.querySelector("main");
const status = document.querySelector("#status");

async function show() {
  const [, id] = /^\/notes\/(\d+)$/.exec(location.pathname) ?? [];
  try {
    main.replaceChildren(...(id === undefined ? await listView() : await noteView(id)));
  } catch (error) {
    main.replaceChildren(element("p", { textContent: error.message }));
  }
}

async function listView() {
  const notes = await ask("GET", "/api/notes");
  const list = element("ul");
  list.append(...notes.map(({ id, title }) => item(`/notes/${id}`, title)));
  return [list, form({ title: "", text: "" }, "Add", (fields) => ask("POST", "/api/notes", fields))];
}

async function noteView(id) {
  const note = await ask("GET", `/api/notes/${id}`);
  // The version that is shown: if somebody else has changed the note meanwhile, the answer is a 412.
  const headers = { "if-match": `"${note.version}"` };
  return [form(note, "Save", (fields) => ask("PUT", `/api/notes/${id}`, fields, headers))];
}

async function ask(method, path, body, headers = {}) {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(path, {
    method,
    headers: { ...type, ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title);
  return answer;
}

function form({ title, text }, label, send) {
  const form = element("form");
  const name = element("input", { value: title, required: true, maxLength: 200, placeholder: "Title" });
  const content = element("textarea", { value: text, rows: 6, maxLength: 10_000 });
  form.append(name, content, element("button", { textContent: label }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await send({ title: name.value, text: content.value });
      status.textContent = "Saved.";
      form.reset();
      await show();
    } catch (error) {
      status.textContent = error.message;
    }
  });
  return form;
}

function item(href, text) {
  const item = element("li");
  item.append(element("a", { href, textContent: text }));
  return item;
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

// Links inside of the app load nothing.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link === null || link.origin !== location.origin || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show();
});
addEventListener("popstate", show);

// What others do shows up at once. On each connection the list is loaded anew: nothing is missed in between.
const events = new EventSource("/api/notes/events");
const refresh = () => location.pathname === "/" && show();
for (const name of ["open", "added", "changed", "removed"]) {
  events.addEventListener(name, refresh);
}
show();
