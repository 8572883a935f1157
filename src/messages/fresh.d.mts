/** @returns why the messages could not be compiled; undefined when they are as their sources say */
export function freshMessages(node?: string): string | undefined;
export function settings(): { readonly baseLocale: string; readonly locales: readonly string[] };
/** @returns `en/stream.json` and so on, of all languages */
export function messageFiles(): readonly string[];
