// The same as load.lua, for machines without wrk.

import autocannon from "autocannon";

const { port, method, path, host, modulus, headers, hex, time, connections, timeout } = JSON.parse(
  process.argv[2],
);
let counter = 0;

const result = await autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  duration: time,
  timeout,
  requests: [
    {
      method,
      path,
      headers: host === "" ? headers : { ...headers, host },
      ...(hex === "" ? {} : { body: Buffer.from(hex, "hex") }),
      // Not `undefined`, which it would call.
      ...(`${path}${host}`.includes("{n}") ? { setupRequest: withNumber } : {}),
    },
  ],
});

function withNumber(request) {
  counter++;
  const number = String(modulus > 0 ? counter % modulus : counter);
  const changed = { ...request, path: path.replaceAll("{n}", number) };
  return host === ""
    ? changed
    : { ...changed, headers: { ...headers, host: host.replaceAll("{n}", number) } };
}

const { requests, latency, duration, errors, timeouts } = result;
console.log(
  `\nRESULT ${JSON.stringify({
    requests: requests.total,
    seconds: duration,
    p50: latency.p50,
    p99: latency.p99,
    // 304 and 308 are answers as they should be.
    refused: result["4xx"] + result["5xx"],
    failed: errors - timeouts,
    late: timeouts,
  })}`,
);
