/** One request to an address that somebody gave us. */
export interface Dialing {
	readonly url: string;
	/** `operator`: from the configuration file, may be on the plant's own network. `person`: typed into page or API. */
	readonly by: 'operator' | 'person';
	readonly method?: 'GET' | 'POST' | 'PUT';
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
	/** For all of it, redirects included. */
	readonly timeoutMs: number;
	/** What comes after this many bytes is not read. */
	readonly maxBytes: number;
	/** How many are followed, by GET only; each is checked as an address that a person typed. Default none: the 3xx is the answer. */
	readonly redirects?: number;
	readonly signal?: AbortSignal;
}

export interface Dialed {
	readonly status: number;
	/** Lower case; of a header that came more than once the last. */
	readonly headers: Readonly<Record<string, string>>;
	readonly bytes: Uint8Array;
	readonly isCut: boolean;
}

/** The one way to addresses that people give us. */
export interface Dialer {
	/** @throws DialRefused, and what a connection may end with as RetriableError */
	dial(dialing: Dialing): Promise<Dialed>;
	/**
	 * When an address is entered, before anything is sent to it. That it is fine now says nothing about later: `dial`
	 * looks again.
	 *
	 * @throws DialRefused, RetriableError when the name cannot be looked up
	 */
	check(url: string): Promise<void>;
	close(): Promise<void>;
}

/** An address to which nothing is sent, however often it is tried. Says what to do about it. */
export class DialRefused extends Error {
	override readonly name = 'DialRefused';
}
