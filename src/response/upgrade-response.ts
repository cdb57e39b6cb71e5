import type { ProtocolSwitch } from "../common/protocol-switch.ts";
import { InvalidResponseError } from "./into-response.ts";
import { LightResponse } from "./light-response.ts";

/** RFC 9110 §15.2.2. */
export const SWITCHING_PROTOCOLS = 101;

/**
 * The response that ends HTTP on its connection. Layers see it as any other: they may add headers, or return something
 * else in its place. Nothing of the other protocol happens before it has reached the server's boundary.
 */
export class UpgradeResponse extends LightResponse {
  readonly #protocolSwitch: ProtocolSwitch;

  constructor(protocolSwitch: ProtocolSwitch) {
    super(null);
    this.status = SWITCHING_PROTOCOLS;
    this.#protocolSwitch = protocolSwitch;
  }

  override clone(): UpgradeResponse {
    const copy = new UpgradeResponse(this.#protocolSwitch);
    copy.status = this.status;
    copy.headers.list.push(...this.headers.list);
    return copy;
  }

  /**
   * @internal What a response with the status 101 switches to. Throws an `InvalidResponseError`
   * (`ARGANIA_INVALID_RESPONSE`) for one that got this status in another way.
   */
  static switchOf(response: LightResponse): ProtocolSwitch {
    if (response instanceof UpgradeResponse) {
      return response.#protocolSwitch;
    }
    throw new InvalidResponseError(
      "A response has the status 101 and nothing to switch to: return what upgrade(…) of webSocketUpgrade() makes.",
    );
  }
}
