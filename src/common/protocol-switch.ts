/** A connection that Node's HTTP parser has let go of, so that it can go on with another protocol. */
export interface NodeUpgrade {
  /** The `IncomingMessage` that asked for it. */
  readonly request: object;
  /** The `net.Socket` or `tls.TLSSocket`. */
  readonly socket: object;
  /** What the client has sent after its request already. */
  readonly head: Uint8Array;
}

/** Why the connection of a request cannot change its protocol. */
export type UpgradeProblem =
  /** It was not asked for. */
  | "not-asked"
  /** HTTP/2 has no upgrades (RFC 9113 §8.6). */
  | "http2"
  /** The request has a body, after whose end only the protocol could change (RFC 9110 §7.8). */
  | "body"
  /** Earlier requests of the connection have yet to be answered. */
  | "pipelined"
  /** Node's HTTP parser could not be taken off the connection. */
  | "attached";

/** How the connection of a request can change its protocol: on Node, through the platform of a fetch runtime, or not at all. */
export type UpgradeMeans =
  /** `request` is the `IncomingMessage`. */
  | { readonly kind: "node"; readonly request: object }
  | { readonly kind: "web"; readonly request: Request }
  | { readonly kind: "none"; readonly problem: UpgradeProblem };

/** What a response with the status 101 does with its connection. It is asked once, when all layers have seen the response. */
export interface ProtocolSwitch {
  /**
   * Goes on with a connection of Node, which gets its answer from here. Throws for that of another request than the one
   * that the response was made for, and leaves it alone.
   *
   * @param headers what handler and layers have set, names and values in turns
   * @param report takes what fails afterwards
   */
  onNode(upgrade: NodeUpgrade, headers: readonly string[], report: (error: unknown) => void): void;
  /** The platform's own response that has the connection go on. */
  onWeb(headers: readonly string[], report: (error: unknown) => void): Response;
}
