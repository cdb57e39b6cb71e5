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

/** One end of a WebSocket that goes over no network. What comes from the other end is handed to it. */
export interface SocketEnd {
  onMessage(message: string | Uint8Array): void;
  /** @param code 1006 when the other end broke off */
  onClose(code: number, reason: string): void;
}

/** The way from one end of such a WebSocket to the other. */
export interface SocketLink {
  /** How many bytes the other end has yet to take. */
  bufferedAmount(): number;
  send(message: string | Uint8Array): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Joins the server's end of a WebSocket to the client that has asked for it. */
export type LinkSocket = (server: SocketEnd) => SocketLink;

/** How the connection of a request can change its protocol: on Node, through the platform of a fetch runtime, within the process, or not at all. */
export type UpgradeMeans =
  /** `request` is the `IncomingMessage`. */
  | { readonly kind: "node"; readonly request: object }
  | { readonly kind: "web"; readonly request: Request }
  /** A test's client, in the same process. */
  | { readonly kind: "in-process"; readonly request: Request; readonly link: LinkSocket }
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
