import { LightResponse } from "../../response/light-response.ts";
import { TrailingBody } from "../../response/trailing-body.ts";
import { clientGone } from "./connect-error.ts";
import type { RawResponse, Written } from "./node-http.ts";
import { RecordedBody } from "./recorded-body.ts";
import { beginRecording } from "./recording-methods.ts";

/** What a recording tells whoever waits for it: one of both, once. */
export interface RecordingEvents {
  /** There is a response, whose body may be still to come. */
  onRecorded(response: LightResponse): void;
  /** Middleware destroyed its response before it had begun. */
  onDestroyed(error: Error): void;
}

/** What listeners and callbacks of middleware throw, when nobody waits for an outcome any more. */
export type ReportLate = (error: unknown) => void;

/**
 * What middleware writes to a `ServerResponse`, made into a response that layers further outside can see and change.
 *
 * The response is Node's own class, as Express puts its prototype in front of that, and everything that knows Node's
 * works on it. Own properties take what would go to a socket: Express replaces the prototype.
 */
export class Recording {
  readonly response: RawResponse;
  readonly body: RecordedBody;
  /** Names and values in turns, once the head is written. */
  headers: string[] | null = null;
  /** What has fields after its end, if the body comes from there. */
  trailing: TrailingBody | null = null;
  /** Whether all of it has been taken. */
  isFinished = false;
  readonly #reportLate: ReportLate;
  #events: RecordingEvents | null;
  #isScheduled = false;

  constructor(response: RawResponse, events: RecordingEvents, reportLate: ReportLate) {
    this.response = response;
    this.#events = events;
    this.#reportLate = reportLate;
    this.body = new RecordedBody({
      onDrain: () => process.nextTick(() => this.emit("drain")),
      onTaken: (callback) => this.callLater(callback),
      onFinish: () => process.nextTick(emitFinish, this),
      onRelease: () => (isHead(response) ? this.#finish() : this.close()),
    });
    beginRecording(response, this);
  }

  /** Hands the response over in a moment: what is written in one go is handed over in one piece. */
  schedule(): void {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      queueMicrotask(() => this.deliver());
    }
  }

  deliver(): void {
    const events = this.#events;
    if (events !== null) {
      this.#events = null;
      events.onRecorded(this.toResponse());
    }
  }

  /** What has been recorded so far, whose body may be still to come. Only after the head. */
  toResponse(): LightResponse {
    const whole = this.body.whole();
    const { statusCode, statusMessage } = this.response;
    const payload = whole === undefined ? withTrailers(this.body, this.trailing) : whole;
    const response = LightResponse.withHeaderList(payload, this.headers ?? [], statusCode);
    response.statusText = statusMessage ?? "";
    return response;
  }

  /** Nobody waits to be told of the response. */
  release(): void {
    this.#events = null;
  }

  /** Nobody waits for the response any more; whatever is written is let go of. */
  abandon(): void {
    this.#events = null;
    this.body.drop();
  }

  /** Nothing is written any more: another response than this one is sent. */
  end(): void {
    this.abandon();
    this.body.end();
  }

  /** Nobody takes anything any more: the client has gone, or nobody wants the response. */
  close(): void {
    this.#events = null;
    this.body.fail(clientGone());
    process.nextTick(emitClose, this);
  }

  /** Tells middleware, which may throw: nobody further out would catch it, and Node would end the process. */
  emit(event: string, ...values: unknown[]): void {
    try {
      this.response.emit(event, ...values);
    } catch (error) {
      this.#caught(error);
    }
  }

  /** Calls what middleware has given to `write`. Writers that go on in their callback must not fill the stack. */
  callLater(callback: Written, error?: Error): void {
    process.nextTick(() => {
      try {
        callback(error);
      } catch (thrown) {
        this.#caught(thrown);
      }
    });
  }

  /** Whoever was to write the rest may have failed just now: then it would never come. */
  #caught(error: unknown): void {
    const isUnderWay = !this.response.finished;
    const isAwaited = this.#events !== null;
    if (isUnderWay) {
      this.breakOff(error as Error);
    }
    if (!isUnderWay || !isAwaited) {
      this.#reportLate(error);
    }
  }

  /** For `HEAD` a body that is let go of is one that was sent. */
  #finish(): void {
    this.#events = null;
    this.response.finished = true;
    process.nextTick(emitFinish, this);
  }

  /** Middleware destroyed its response, or what it wrote comes from something that failed: it is not whole. */
  breakOff(error: Error): void {
    const events = this.#events;
    this.#events = null;
    this.body.fail(error);
    process.nextTick(emitClose, this);
    events?.onDestroyed(error);
  }
}

function withTrailers(body: RecordedBody, trailing: TrailingBody | null): RecordedBody | TrailingBody {
  if (trailing === null) {
    return body;
  }
  let fields: Promise<Record<string, string>> | null = null;
  const field = async (name: string) => {
    fields ??= trailing.trailers();
    return (await fields)[name] ?? "";
  };
  return new TrailingBody(
    body,
    trailing.names.map((name) => [name, () => field(name)]),
  );
}

function isHead(response: RawResponse): boolean {
  return (response as { req?: { method?: string } }).req?.method === "HEAD";
}

function emitFinish(recording: Recording): void {
  recording.isFinished = true;
  recording.emit("finish");
  process.nextTick(emitClose, recording);
}

function emitClose(recording: Recording): void {
  const { response } = recording;
  if (!response._closed) {
    response.destroyed = true;
    response._closed = true;
    recording.emit("close");
  }
}
