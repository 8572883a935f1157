import type { Discovered, SourceType, TrialReport } from '#contracts/trial.ts';

/** Sources that somebody tries before they are taken: addresses, and what is asked for, are as hostile as whoever types them. */
export interface Trials {
	/** Kinds of sources that can be tried so. */
	types(): readonly SourceType[];
	/**
	 * Begins one; it ends by itself when nobody asks for it any more, and after two minutes.
	 *
	 * @param config an entry of `collectors:`, unchecked
	 * @throws InputError with everything that is wrong; QuotaError when too many run
	 */
	begin(config: unknown): string;
	/** undefined: there is none, or it has been gone for a while. */
	report(id: string): TrialReport | undefined;
	end(id: string): Promise<void>;
	/**
	 * What a source has to give.
	 *
	 * @param config as above; what it asks for may be missing
	 * @throws InputError, with the source's own answer where it gave none of use; QuotaError
	 */
	discover(
		config: unknown,
		options: { readonly argument?: string | undefined; readonly forMs: number },
	): Promise<readonly Discovered[]>;
	stop(): Promise<void>;
}
