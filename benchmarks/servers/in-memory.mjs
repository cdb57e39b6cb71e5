// One contender serving one scenario over connections in memory, in a process of its own. The parent says when it is
// this one's turn, and for how many requests.

import { Server } from "node:net";
import { answersOf, requestFor } from "../lib/answers.mjs";
import { MemoryConnection, requestMaker } from "../lib/memory-connection.mjs";
import { scenarios } from "./scenarios.mjs";
import { staticScenarios } from "./static-scenarios.mjs";

const CONNECTIONS = 16;

const [contender, name] = process.argv.slice(2);
const [file, variant] = contender.split(":");
const scenario = scenarios[name] ?? staticScenarios[name];

// Whoever listens is the server, however a framework has come by it.
let server;
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  server = this;
  return listen.apply(this, args);
};
const { start } = await import(`./${file}.mjs`);
const port = await start(scenario, variant, name);
const request = await requestFor(port, scenario);
const answers = await answersOf(port, request, scenario);

const bytesOf = requestMaker(request);
const { status = 200 } = scenario;
const connections = [];

/** Not before the first turn: servers give up connections on which no request comes while others have theirs. */
function connect() {
  for (let count = 0; count < CONNECTIONS; count++) {
    const connection = new MemoryConnection(noteAnswer);
    server.emit("connection", connection);
    connections.push(connection);
  }
}

// Of the module and not of a turn: what changes from turn to turn makes the compiler throw away what it has learned.
let number = 0;
let toSend = 0;
let toCome = 0;
let count = 0;
let before;

/** Sends some requests at a time, as many as a loop of real sockets would find. */
function feed() {
  for (const connection of connections) {
    if (connection.isIdle && toSend > 0) {
      toSend--;
      connection.send(bytesOf(number++));
    }
  }
  if (toSend > 0) setImmediate(feed);
}

function noteAnswer(answered) {
  if (answered !== status) throw new Error(`${contender} answers ${answered} to ${name}, not ${status}`);
  if (--toCome === 0) {
    const { user, system } = process.cpuUsage(before);
    process.send((user + system) / count);
  }
}

function serve(requests) {
  if (connections.length === 0) connect();
  count = requests;
  toSend = requests;
  toCome = requests;
  before = process.cpuUsage();
  feed();
}

process.on("message", serve);
process.on("disconnect", () => process.exit());
process.send(answers);
