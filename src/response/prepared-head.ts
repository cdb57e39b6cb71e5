import { LightHeaders } from "../common/light-headers.ts";

/** The head of a response without a body that is sent again and again. Throws a `TypeError` for malformed headers. */
export class PreparedHead {
  readonly status: number;
  readonly reason: string;
  /** Names in lower case and values in turn, none of them about the connection. */
  readonly list: readonly string[];
  /** As HTTP/1.1 has it, up to what is said of the connection and the time. */
  readonly lines: string;

  constructor(status: number, reason: string, list: readonly string[]) {
    const headers = new LightHeaders();
    let lines = `HTTP/1.1 ${status} ${reason}\r\n`;
    for (let index = 0; index < list.length; index += 2) {
      // Whoever writes the lines does not look at them any more.
      headers.append(list[index] as string, list[index + 1] as string);
      lines += `${headers.list[index]}: ${headers.list[index + 1]}\r\n`;
    }
    this.status = status;
    this.reason = reason;
    this.list = Object.freeze(headers.list);
    this.lines = lines;
  }
}
