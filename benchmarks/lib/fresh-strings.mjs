let counter = 0;

/**
 * The paths of requests as a server gets them: cut from bytes, so flat, never seen before and without a cached hash.
 * A string that is used again would profit from what the engine remembers of it.
 */
export function freshPaths(requests, count) {
  const paths = new Array(count);
  for (let index = 0; index < count; index++) {
    const template = requests[index % requests.length].path;
    counter = (counter + 1) % 1_000_000;
    paths[index] = Buffer.from(template.replaceAll("{n}", String(counter)), "latin1").latin1Slice();
  }
  return paths;
}
