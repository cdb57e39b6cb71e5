import type { Logger } from "../handler/logger.ts";

/** What initializers, routes and layers see of their app. */
export interface AppScope<out Config extends object = object, out Context extends object = object> {
  readonly config: Config;
  /** What handlers share: what the app was given, and what initializers have added so far. */
  readonly context: Context;
  /** Such as `"production"`. */
  readonly environment: string;
  readonly logger: Logger;
}
