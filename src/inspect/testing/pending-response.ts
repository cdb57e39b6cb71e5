import { schemaFrom } from "../../data/schema-from.ts";
import { type Issue, type StandardSchema, validate } from "../../data/standard-schema.ts";
import { shownAnswer, TestClientError } from "./test-client-error.ts";

/**
 * A response that is on its way: a promise of it, with short ways to what is in it.
 *
 * All of them reject with a `TestClientError` (`ARGANIA_TEST_CLIENT`), whose message shows the answer, when it is not what
 * was asked for.
 */
export interface PendingResponse extends Promise<Response> {
  /** The body as JSON, whatever the status and the type are. `T` is believed, a schema is checked. */
  json<T = unknown>(): Promise<T>;
  json<Output>(schema: StandardSchema<unknown, Output>): Promise<Output>;
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  formData(): Promise<FormData>;
  /** The same response, if it has one of these statuses. */
  expectStatus(...statuses: readonly number[]): PendingResponse;
}

/** @param label what was asked, for messages: "GET /users" */
export function pendingResponse(response: Promise<Response>, label: string): PendingResponse {
  const json = async (...schemas: readonly unknown[]): Promise<unknown> => {
    const answer = await response;
    const value = parsed(answer, label, await answer.text());
    if (schemas.length === 0) {
      return value;
    }
    const fail = (issues: readonly Issue[]) => {
      const list = issues.map(({ path, message }) => `\n- ${path === "" ? "" : `${path}: `}${message}`);
      const shown = shownAnswer(label, answer, JSON.stringify(value));
      return new TestClientError(`${shown}\nThat does not fit the schema:${list.join("")}`, {
        response: answer,
      });
    };
    return validate(schemaFrom(schemas[0], "json", "data"), value, fail);
  };
  return Object.assign(response, {
    json: json as PendingResponse["json"],
    text: async () => (await response).text(),
    bytes: async () => new Uint8Array(await (await response).arrayBuffer()),
    formData: async () => (await response).formData(),
    expectStatus: (...statuses: readonly number[]) =>
      pendingResponse(withStatus(response, label, statuses), label),
  });
}

function parsed(response: Response, label: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TestClientError(`${shownAnswer(label, response, text)}\nThat is no JSON.`, { cause, response });
  }
}

async function withStatus(
  pending: Promise<Response>,
  label: string,
  statuses: readonly number[],
): Promise<Response> {
  const response = await pending;
  if (statuses.includes(response.status)) {
    return response;
  }
  const shown = shownAnswer(label, response, await response.text());
  throw new TestClientError(`${shown}\nExpected: ${statuses.join(" or ")}.`, { response });
}
