import type { Secret } from '#contracts/secret.ts';

/** Where a provider is and how one is let in; the key is asked for at each call, so that a rotated file counts. */
export interface Access {
	readonly baseUrl: string | undefined;
	readonly key: Secret | undefined;
	/** More headers, as gateways want them. */
	readonly headers: Readonly<Record<string, Secret>>;
}

export function revealed(headers: Access['headers']): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
}

/** `https://host/v1/` and `https://host/v1` are the same base. */
export function joined(baseUrl: string, path: string): string {
	return baseUrl.replace(/\/+$/, '') + path;
}
