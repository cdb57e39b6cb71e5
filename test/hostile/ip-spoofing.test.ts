import {
  _get,
  _requestReceiver,
  type ErrorReport,
  peer,
  Resource,
  Server,
  type ServiceOptions,
} from "argania";
import { IpFilterLayer, RemoteIpLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { checkAlive } from "./check-answer.ts";
import { hostileCases } from "./hostile-case.ts";

test("every case of the class is run here", () => {
  expect(hostileCases(["ip-spoofing"]).map(({ id }) => id)).toEqual(["R21", "R23"]);
});

/** The generic app with `/ip`, which listens where IPv4 comes as IPv6. */
async function withApp(
  trustedProxies: ServiceOptions["trustedProxies"],
  use: (ask: (...headers: string[]) => Promise<string>, reports: ErrorReport[]) => Promise<void>,
): Promise<void> {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.subresource("/ip").setHandlerFor(_get.to([peer], (address) => address));
  const inner = root.subresource("/inner").setHandlerFor(_get.to([peer], (address) => address));
  inner.addLayerTo(
    _requestReceiver([
      new RemoteIpLayer({ provider: "cloudflare", peers: ["127.0.0.1"] }),
      new IpFilterLayer({ deny: ["127.0.0.0/8"] }),
    ]),
  );
  const reports: ErrorReport[] = [];
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  const options = trustedProxies === undefined ? { logger } : { logger, trustedProxies };
  const server = await new Server().withLogger(logger).serve(root.intoService(options), "[::]:0");
  const ask = async (...headers: string[]) => {
    const client = await RawClient.connect(server.address.port, "127.0.0.1");
    const [path = "/ip"] = headers.filter((line) => line.startsWith("/"));
    const lines = headers.filter((line) => !line.startsWith("/"));
    client.get(path, ...lines, "Connection: close");
    await client.ended;
    const [head = "", body = ""] = client.received.split("\r\n\r\n");
    return `${head.split(" ")[1]} ${body}`;
  };
  try {
    await use(ask, reports);
    await checkAlive({ host: "127.0.0.1", port: server.address.port });
  } finally {
    await server.close();
  }
  expect(reports).toEqual([]);
}

const GARBAGE = [
  "999.1.1.1",
  "<script>",
  "",
  "127.0.0.1.evil.example",
  "0x7f.0.0.1",
  "2130706433",
  "010.0.0.1",
  "::ffff:999.1.1.1",
  "[::1",
  "1.2.3.4%00",
  "..",
  ",".repeat(5_000),
  "9".repeat(5_000),
  "::".repeat(2_000),
];

describe("R21: the address is canonical", () => {
  test.each([
    ["without trusted proxies", undefined],
    ["with others", { peers: ["10.0.0.1"] }],
  ])("%s", async (_, trustedProxies) => {
    await withApp(trustedProxies, async (ask) => {
      expect(await ask()).toBe("200 127.0.0.1");
      expect(await ask("X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9")).toBe("200 127.0.0.1");
    });
  });

  test("filters and trusted proxies compare it, not its spelling", async () => {
    await withApp({ peers: ["127.0.0.1"] }, async (ask) => {
      expect(await ask("X-Forwarded-For: ::ffff:203.0.113.9")).toBe("200 203.0.113.9");
      expect(await ask("/inner")).toMatch(/^403 /);
      expect(await ask("/inner", "CF-Connecting-IP: ::ffff:203.0.113.9")).toBe("200 203.0.113.9");
      for (const own of ["::ffff:127.0.0.1", "::FFFF:7f00:1", "127.0.0.2", "garbage"]) {
        expect(await ask("/inner", `CF-Connecting-IP: ${own}`)).toMatch(/^403 /);
      }
    });
  });
});

describe("R23: garbage instead of an address", () => {
  test("from a trusted proxy is not believed: the peer's address is used", async () => {
    await withApp({ peers: ["127.0.0.1"] }, async (ask) => {
      for (const garbage of GARBAGE) {
        expect(await ask(`X-Forwarded-For: ${garbage}`)).toBe("200 127.0.0.1");
        expect(await ask("/inner", "X-Forwarded-For: 203.0.113.9", `CF-Connecting-IP: ${garbage}`)).toBe(
          "200 203.0.113.9",
        );
      }
    });
  });

  test("in front of what the proxy has appended hides nobody", async () => {
    await withApp({ peers: ["127.0.0.1"] }, async (ask) => {
      for (const garbage of GARBAGE.slice(0, 11)) {
        expect(await ask(`X-Forwarded-For: ${garbage}, 203.0.113.9`)).toBe("200 203.0.113.9");
        expect(await ask(`X-Forwarded-For: ${garbage}`, "X-Forwarded-For: 203.0.113.9")).toBe(
          "200 203.0.113.9",
        );
      }
    });
  });

  test("as a list without an end is refused", async () => {
    await withApp({ peers: ["127.0.0.1"] }, async (ask) => {
      expect(await ask(`X-Forwarded-For: ${"127.0.0.1, ".repeat(60)}203.0.113.9`)).toMatch(/^400 /);
    });
  });

  test("from anybody else is not even looked at", async () => {
    await withApp({ peers: ["10.0.0.1"] }, async (ask) => {
      for (const garbage of GARBAGE) {
        expect(await ask(`X-Forwarded-For: ${garbage}`, "X-Forwarded-Proto: gopher")).toBe("200 127.0.0.1");
      }
    });
  });
});
