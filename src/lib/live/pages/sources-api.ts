import type { Discovered, SourceType, TrialReport } from '#contracts/trial.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';

export type SourceConfig = Readonly<Record<string, unknown>>;

/** Sources that are tried before they are configured. Every method rejects with ApiError. */
export interface SourcesApi {
	types(): Promise<readonly SourceType[]>;
	discover(config: SourceConfig, argument: string): Promise<readonly Discovered[]>;
	/** @returns its id */
	begin(config: SourceConfig): Promise<string>;
	report(id: string): Promise<TrialReport>;
	end(id: string): Promise<void>;
}

export function createSourcesApi(fetcher: typeof fetch): SourcesApi {
	async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const headers = { accept: 'application/json', 'content-type': 'application/json' };
		const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
		const response = await fetcher(`/api/v1/sources/${path}`, init).catch(() => {
			throw new ApiError(0, 'the server does not answer');
		});
		if (!response.ok) throw await problemOf(response);
		return (response.status === 204 ? undefined : await response.json()) as T;
	}
	const one = (id: string) => `trials/${encodeURIComponent(id)}`;
	return {
		types: async () => (await call<{ readonly items: readonly SourceType[] }>('GET', 'types')).items,
		discover: async (config, argument) =>
			(
				await call<{ readonly items: readonly Discovered[] }>('POST', 'discover', {
					config,
					...(argument === '' ? {} : { argument }),
				})
			).items,
		begin: async (config) => (await call<{ readonly id: string }>('POST', 'trials', { config })).id,
		report: (id) => call('GET', one(id)),
		end: (id) => call('DELETE', one(id)),
	};
}
