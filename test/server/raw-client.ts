import { connect, type Socket } from "node:net";

/** A client that sends bytes as they are and keeps all that comes back. */
export class RawClient {
  readonly socket: Socket;
  /** Everything received, one character a byte. */
  received = "";
  /** Fulfilled when the server has ended its side: with FIN, or with an error. */
  readonly ended: Promise<Error | null>;
  readonly #watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => {
      this.received += chunk.toString("latin1");
      this.#look();
    });
    this.ended = new Promise((resolve) => {
      socket.once("end", () => resolve(null));
      socket.once("error", resolve);
      socket.once("close", () => resolve(null));
    });
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<RawClient> {
    const socket = connect({ port, host, allowHalfOpen: true });
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new RawClient(socket);
  }

  send(text: string): this {
    this.socket.write(Buffer.from(text, "latin1"));
    return this;
  }

  get(path: string, ...headers: string[]): this {
    return this.send(`GET ${path} HTTP/1.1\r\n${["Host: localhost", ...headers].join("\r\n")}\r\n\r\n`);
  }

  /** Waits until what was received matches; rejects when the server ends before that. */
  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (pattern.test(this.received)) {
          this.#watchers.delete(look);
          resolve(this.received);
        }
      };
      this.#watchers.add(look);
      look();
      this.ended.then(() => {
        look();
        reject(new Error(`The server ended before ${pattern} came; received:\n${this.received}`));
      });
    });
  }

  /** All that the server sends, once it has ended its side. */
  async all(): Promise<string> {
    await this.ended;
    this.close();
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }

  #look(): void {
    for (const watcher of this.#watchers) {
      watcher();
    }
  }
}

/** How many responses there are in what was received. */
export function statuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}

/** Whether anything listens on the port. */
export function isListening(port: number): Promise<boolean> {
  return RawClient.connect(port).then(
    (client) => {
      client.close();
      return true;
    },
    () => false,
  );
}
