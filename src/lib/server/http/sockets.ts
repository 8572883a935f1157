import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Auth } from '../auth/port.ts';
import type { Guard } from './guard.ts';
import { createOpenSockets } from './open-sockets.ts';
import { PROBLEM_TYPE, Problem, notFound, problemBody, problemOf } from './problem.ts';
import type { Route, SocketRoute } from './route.ts';

export interface Sockets {
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Ends every socket now. */
	close(): void;
}

/** Sockets pass the same guard as requests, before the upgrade: who may not enter gets a status, not a socket. */
export function createSockets(options: {
	readonly table: readonly Route[];
	readonly guard: Guard;
	readonly auth: Auth;
	readonly log: Logger;
}): Sockets {
	const { guard, auth, log } = options;
	const watched = createOpenSockets({ guard, auth, log });
	const doors = new Map(
		options.table
			.filter((route) => route.kind === 'socket')
			.map((route) => [route.path, { route, server: serverOf(route) }]),
	);

	async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		const hostFault = auth.hostFault(request.headers);
		if (hostFault !== undefined) throw new Problem(421, hostFault);
		const door = doors.get((request.url ?? '').split('?')[0] ?? '');
		if (!door) throw notFound('socket');
		const { principal } = await guard.admit(door.route, request);
		if (socket.destroyed) return;
		door.server.handleUpgrade(request, socket, head, (ws) => {
			watched.add(ws, { route: door.route, headers: request.headers, principal });
			door.route.open(ws, principal, socket);
		});
	}

	return {
		upgrade(request, socket, head) {
			const onError = () => socket.destroy();
			socket.on('error', onError);
			open(request, socket, head).then(
				() => socket.off('error', onError),
				(error: unknown) => {
					const problem = problemOf(error);
					if (!problem) log.error({ err: error }, 'cannot open a socket');
					refuse(socket, problem ?? new Problem(500, 'Something failed here.'));
				},
			);
		},
		close() {
			watched.stop();
			for (const { server } of doors.values()) {
				for (const client of server.clients) client.terminate();
				server.close();
			}
		},
	};
}

function serverOf(route: SocketRoute): WebSocketServer {
	// Deflate costs five to seven times the CPU for half the bytes.
	return new WebSocketServer({ noServer: true, maxPayload: route.maxPayloadBytes, perMessageDeflate: false });
}

function refuse(socket: Duplex, problem: Problem): void {
	const body = JSON.stringify(problemBody(problem));
	const head = Object.entries({
		...problem.headers,
		'content-type': PROBLEM_TYPE,
		'content-length': String(Buffer.byteLength(body)),
		connection: 'close',
	}).map(([name, value]) => `${name}: ${value}\r\n`);
	socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${head.join('')}\r\n${body}`);
}
