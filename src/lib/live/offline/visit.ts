/** Walls and doors are none of its business: a wall has its own ways with a server that is gone, and runs without this. */
const NOT_OURS = /^\/(wall|pair|welcome|design|api|metrics|healthz|readyz|proxy|_app)(\/|$)/;
/** A server that takes the connection and says nothing is gone too. */
export const PATIENCE_MS = 8_000;
/** What proxies say in its place. */
const GONE = new Set([502, 504]);

/** @returns whether a visit to this address may be answered with what was known last */
export function isOurs(path: string): boolean {
	return !NOT_OURS.test(path) && !/\.[a-z0-9]+$/i.test(path);
}

/**
 * The network first and always: nothing of a version is ever kept, so none can outlive its server.
 *
 * @param fallback the page for when nobody answers
 * @param after rejects after so many milliseconds
 */
export async function visit(
	fromNetwork: () => Promise<Response>,
	fallback: () => Promise<Response>,
	after: (delayMs: number) => Promise<never>,
): Promise<Response> {
	try {
		const response = await Promise.race([fromNetwork(), after(PATIENCE_MS)]);
		return GONE.has(response.status) ? await fallback() : response;
	} catch {
		return fallback();
	}
}
