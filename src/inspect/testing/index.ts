export type { TestEvent } from "./event-parser.ts";
export type { PendingResponse } from "./pending-response.ts";
export type { FormValue, TestBody } from "./request-body.ts";
export type { TestedService } from "./request-sender.ts";
export { TestClient, testClient } from "./test-client.ts";
export { TestClientError } from "./test-client-error.ts";
export type {
  TestClientOptions,
  TestEventsInit,
  TestRequestInit,
  TestWebSocketInit,
} from "./test-client-options.ts";
export type { TestCookie } from "./test-cookie.ts";
export { type TestCookieAttributes, TestCookieJar } from "./test-cookie-jar.ts";
export { TestEvents } from "./test-events.ts";
export { TestWebSocket } from "./test-web-socket.ts";
