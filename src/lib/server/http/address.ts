import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, messageOf } from '#contracts/error.ts';

interface Wanted {
	readonly host: string;
	/** 0 = of the system's choice. */
	readonly port: number;
}

/** @throws ConfigError with what to change, when it cannot listen there */
export async function listenAt(server: Server, wanted: Wanted): Promise<void> {
	server.listen({ port: wanted.port, host: wanted.host });
	await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
		throw new ConfigError(faultOf(error, wanted));
	});
}

/** As this machine reaches it, once it listens. */
export function urlOf(server: Server, host: string): string {
	return `http://${hostInUrl(host)}:${(server.address() as AddressInfo).port}`;
}

function faultOf(error: NodeJS.ErrnoException, { host, port }: Wanted): string {
	if (error.code === 'EADDRINUSE') return `cannot listen on ${host}:${port}: the port is taken; PORT sets another`;
	return `cannot listen on ${host}:${port}: ${messageOf(error)}; HOST and PORT set another`;
}

function hostInUrl(host: string): string {
	if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
	return host.includes(':') ? `[${host}]` : host;
}
