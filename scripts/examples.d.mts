export declare const outDir: string;
export declare function exampleNames(): string[];
export declare function bundleExample(
  name: string,
  outFile: string,
  external?: readonly string[],
): Promise<() => Promise<void>>;
