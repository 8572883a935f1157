import type { WebSocket } from 'ws';
import type { Principal } from '#contracts/principal.ts';
import { type CollectParts, createSession } from './collect-session.ts';

const REPLACED = 4409;

/** `GET /api/v1/collect` (contracts/collect.ts). One connection per source and epoch: a newer one replaces the older. */
export function createCollect(parts: CollectParts): (socket: WebSocket, principal: Principal) => void {
	const connections = new Map<string, WebSocket>();
	return (socket, principal) => {
		let name: string | undefined;
		const session = createSession(parts, {
			socket,
			principal,
			onHello(source, epoch) {
				name = JSON.stringify([source, epoch]);
				connections.get(name)?.close(REPLACED, 'a newer connection of this collector has replaced this one');
				connections.set(name, socket);
			},
		});
		parts.metrics.sessions.inc();
		socket.on('error', (error) => parts.log.debug({ err: error }, 'the connection of a collector failed'));
		socket.on('message', session.receive);
		socket.on('close', () => {
			session.stop();
			parts.metrics.sessions.dec();
			if (name !== undefined && connections.get(name) === socket) connections.delete(name);
		});
	};
}
