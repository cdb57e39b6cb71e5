// A router of a few lines: the path decides which view is shown, and links inside of /app load nothing.

import { onBookChange } from "./book-changes.js";

const views = [
  [/^\/app\/?$/, showBooks],
  [/^\/app\/about$/, showAbout],
  [/^\/app\/books\/(\d+)$/, showBook],
];

async function show() {
  const main = document.querySelector("main");
  const [pattern, view] = views.find(([pattern]) => pattern.test(location.pathname)) ?? [/.*/, showMissing];
  try {
    main.replaceChildren(...(await view(...pattern.exec(location.pathname).slice(1))));
  } catch (error) {
    main.replaceChildren(element("h1", "Something went wrong"), element("p", error.message));
  }
  document.title = main.querySelector("h1").textContent;
}

async function showBooks() {
  const books = await load("/api/books");
  const list = element("ul");
  list.append(...books.map(toItem));
  return [element("h1", "Books"), list];
}

async function showBook(id) {
  const { title, author, year } = await load(`/api/books/${id}`);
  return [element("h1", title), element("p", `${author}, ${year}`)];
}

function showAbout() {
  return [element("h1", "About"), element("p", "The server sends the same page for every path below /app.")];
}

function showMissing() {
  return [element("h1", "Not found"), element("p", `The app has no view for ${location.pathname}.`)];
}

async function load(path) {
  const response = await fetch(path);
  const value = await response.json();
  if (!response.ok) throw new Error(value.detail ?? value.title);
  return value;
}

function toItem({ id, title }) {
  const item = element("li");
  const link = element("a", title);
  link.href = `/app/books/${id}`;
  item.append(link);
  return item;
}

function element(name, text = "") {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const isPlainClick = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !isPlainClick || !/^\/app(\/|$)/.test(link.pathname)) return;
  event.preventDefault();
  history.pushState(null, "", link.pathname);
  show();
});

// What is shown may be out of date then.
onBookChange((text) => {
  document.querySelector("#change").textContent = text;
  show();
});

addEventListener("popstate", show);
show();
