import { AsyncLocalStorage } from 'node:async_hooks';

/** Ties the lines of one request together, in whatever part they are written. */
export interface Correlation {
	/** Every line that this leads to has `request`. */
	run<T>(request: string, work: () => T): T;
	/** Of the request that is being answered here; empty outside of one. */
	fields(): { readonly request?: string };
}

export function createCorrelation(): Correlation {
	const storage = new AsyncLocalStorage<{ readonly request: string }>();
	return {
		run: (request, work) => storage.run({ request }, work),
		fields: () => storage.getStore() ?? {},
	};
}
