export declare const root: string;
export declare function requireNode(): void;
export declare function ensureInstalled(): void;
export declare function ensureBuilt(): void;
export declare function hashOf(paths: string[]): string;
export declare function readIfPresent(file: string): string | undefined;
export declare function writeInto(file: string, text: string): void;
