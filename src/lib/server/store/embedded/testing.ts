import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { spawnEmbedded } from './spawn.ts';
import type { EmbeddedStore } from './spawn.ts';

/** For tests: a logger that says nothing. */
export const silent: Logger = pino({ level: 'silent' });

/** For tests: an unmodified client of the embedded server. */
export function clientOf(server: EmbeddedStore, options: { database?: string; gzip?: boolean } = {}): ClickHouseClient {
	const { url, username, password } = server;
	return createClient({
		url,
		username,
		password,
		...(options.database === undefined ? {} : { database: options.database }),
		compression: { request: options.gzip ?? false, response: options.gzip ?? false },
		log: { level: ClickHouseLogLevel.OFF },
	});
}

export interface TestServer {
	readonly server: EmbeddedStore;
	readonly folder: string;
	stop(): Promise<void>;
}

/** For tests: a server of its own on a folder of its own. */
export async function startTestServer(): Promise<TestServer> {
	const folder = await mkdtemp(path.join(tmpdir(), 'sigmascope-store-'));
	const server = await spawnEmbedded({ dataFolder: folder, log: silent });
	return {
		server,
		folder,
		async stop() {
			await server.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
