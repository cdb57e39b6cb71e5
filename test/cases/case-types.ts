/** The cases of `test/data/argan.json` that this issue is about. */
export interface ArganCase {
  readonly id: string;
  readonly group: string;
  readonly service?: "resource" | "host" | "router";
  readonly tree?: readonly TreeEntry[];
  readonly definition?: readonly (readonly unknown[])[];
  readonly requests?: readonly RequestCase[];
}

export interface TreeEntry {
  readonly pattern: string;
  readonly methods: readonly string[];
  readonly wildcardMethod?: "custom" | "none";
}

export interface RequestCase {
  readonly method: string;
  readonly uri: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headersRaw?: string;
  readonly quirk?: boolean;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
  readonly handledBy?: string;
  readonly handlerMethod?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** What the handlers of the cases tell about themselves. */
export interface Report {
  readonly handledBy: string;
  readonly handlerMethod: string;
  readonly params: Readonly<Record<string, string>>;
  readonly rest: string;
}
