import { ArganiaError } from "../../common/argania-error.ts";

/** The answer was not what a test had asked the client for; or the client is closed. */
export class TestClientError extends ArganiaError {
  readonly code = "ARGANIA_TEST_CLIENT";
  /** The answer, where there is one; its body may have been read for the message. */
  readonly response: Response | undefined;

  constructor(message: string, options: ErrorOptions & { readonly response?: Response } = {}) {
    super(message, options);
    this.response = options.response;
  }
}

/** The length of a body that a message shows, in characters. */
const SHOWN = 500;

/** An answer for a message: what was asked, the status, and how the body begins. */
export function shownAnswer(label: string, { status, headers }: Response, text: string): string {
  const type = headers.get("content-type");
  const body = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return `${label} was answered with ${status}${type === null ? "" : ` (${type})`}${body === "" ? "" : `: ${body}`}`;
}

/** As much of a body as is shown of it. */
export async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = "";
  while (reader !== undefined && text.length <= SHOWN) {
    const { done, value } = await reader.read();
    if (done) {
      return text + decoder.decode();
    }
    text += decoder.decode(value, { stream: true });
  }
  // Of both copies only this one: nobody waits for the other.
  reader?.cancel().catch(() => {});
  return text;
}
