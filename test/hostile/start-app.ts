import { type ErrorReport, Server, type ServerLimits } from "argania";
import { type GenericAppOptions, genericApp } from "./generic-app.ts";
import type { Target } from "./raw-client.ts";

/** A generic app that listens on loopback, and what it has reported. */
export interface RunningApp extends Target {
  readonly reports: ErrorReport[];
  /** What the handler of `/json` got. */
  readonly values: unknown[];
  close(): Promise<void>;
}

export async function startApp(
  options: Omit<GenericAppOptions, "logger"> = {},
  limits: Partial<ServerLimits> = {},
): Promise<RunningApp> {
  const reports: ErrorReport[] = [];
  const values: unknown[] = [];
  const onJson = (value: unknown) => void values.push(value);
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  const server = new Server().withLogger(logger).withLimits(limits);
  const { address, close } = await server.serve(genericApp({ ...options, logger, onJson }), "127.0.0.1:0");
  return { host: address.host, port: address.port, reports, values, close };
}
