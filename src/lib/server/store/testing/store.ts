import { createStore } from '../client.ts';
import type { StoreUnderTest } from '../contract.ts';
import { clientOf, silent, startTestServer } from '../embedded/testing.ts';
import type { EmbeddedStore } from '../embedded/spawn.ts';
import type { TestServer } from '../embedded/testing.ts';
import type { Store } from '../port.ts';

export const DATABASE = 'sigmascope';

export function storeOf(server: Pick<EmbeddedStore, 'url' | 'username' | 'password'>, now: () => number): Store {
	const { url, username, password } = server;
	return createStore({ url, username, password, database: DATABASE, log: silent, now });
}

/** For tests: an embedded store of its own, with a second way in. */
export async function startStoreUnderTest(now: () => number): Promise<StoreUnderTest & { readonly test: TestServer }> {
	const test = await startTestServer();
	const store = storeOf(test.server, now);
	const client = clientOf(test.server, { database: DATABASE });
	return {
		test,
		store,
		async count(table) {
			const result = await client.query({ query: `SELECT count() AS n FROM ${table}`, format: 'JSONEachRow' });
			return Number((await result.json<{ n: string }>())[0]?.n);
		},
		merge: async (table) => void (await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` })),
		// Port 1 is nobody's.
		unreachable: () => storeOf({ ...test.server, url: 'http://127.0.0.1:1' }, now),
		async stop() {
			await store.close();
			await client.close();
			await test.stop();
		},
	};
}
