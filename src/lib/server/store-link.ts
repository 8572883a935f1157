import type { Logger } from 'pino';
import { RetriableError } from '#contracts/error.ts';
import type { Stream } from '#contracts/stream.ts';
import type { NowMicros } from '#contracts/time.ts';
import { createStore } from './store/client.ts';
import { spawnEmbedded } from './store/embedded/spawn.ts';
import type { Store } from './store/port.ts';
import type { Retention } from './store/retention.ts';
import type { Running, Supervised } from './supervisor.ts';

/** A store that may be away: every call fails with RetriableError while there is none. */
export interface StoreLink {
	readonly store: Store;
	connect(store: Store): void;
	disconnect(): void;
}

export function createStoreLink(): StoreLink {
	let current: Store | undefined;
	const away = () => Promise.reject(new RetriableError('the store is away'));
	// A proxy and not sixteen forwarding methods: nothing here depends on which method is called.
	const store = new Proxy({} as Store, {
		get: (_, name: keyof Store) => {
			if (name === 'ping') return () => current?.ping() ?? Promise.resolve(false);
			if (name === 'close') return () => current?.close() ?? Promise.resolve();
			return current === undefined ? away : current[name];
		},
	});
	return {
		store,
		connect: (store) => void (current = store),
		disconnect: () => void (current = undefined),
	};
}

interface StorePartOptions {
	readonly link: StoreLink;
	readonly streams: () => Promise<readonly Stream[]>;
	readonly log: Logger;
	readonly now: NowMicros;
	readonly retention: Retention;
}

/** The embedded server as a supervised child: tables are brought up to date before anyone may use it. */
export function embeddedStore(options: StorePartOptions & { readonly dataFolder: string }): Supervised {
	const { link, log, dataFolder } = options;
	return {
		name: 'store',
		async start(): Promise<Running> {
			const server = await spawnEmbedded({ dataFolder, log });
			try {
				await connectStore(options, server);
			} catch (error) {
				await server.stop();
				throw error;
			}
			const exited = server.exited.then(({ code, signal }) => {
				link.disconnect();
				return signal ?? `exit code ${code}`;
			});
			return { exited, pid: server.pid, stop: server.stop };
		},
	};
}

/** CLICKHOUSE_URL taken apart: what names a user does not belong into an address that may be shown. */
export function remoteAddress(url: string): {
	readonly url: string;
	readonly username: string;
	readonly password: string;
} {
	const address = new URL(url);
	const { username, password } = address;
	address.username = '';
	address.password = '';
	return {
		url: address.href,
		username: decodeURIComponent(username) || 'default',
		password: decodeURIComponent(password),
	};
}

/** A ClickHouse of somebody else's: nothing to start; what fails is tried again. */
export function remoteStore(options: StorePartOptions & { readonly url: string }): Supervised {
	return {
		name: 'store',
		async start(): Promise<Running> {
			const store = await connectStore(options, remoteAddress(options.url));
			const stopped = Promise.withResolvers<string>();
			return {
				exited: stopped.promise,
				async stop() {
					options.link.disconnect();
					await store.close();
					stopped.resolve('told to');
				},
			};
		},
	};
}

async function connectStore(
	options: StorePartOptions,
	server: { readonly url: string; readonly username: string; readonly password: string },
): Promise<Store> {
	const { link, log, now, retention } = options;
	const { url, username, password } = server;
	const store = createStore({ url, username, password, database: 'sigmascope', log, now, retention });
	await store.migrate();
	await store.putStreams(await options.streams());
	link.connect(store);
	return store;
}
