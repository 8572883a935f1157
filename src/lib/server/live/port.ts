import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Principal } from '#contracts/principal.ts';

/** `GET /api/v1/live`: takes over the socket of a reader. */
export interface LiveServer {
	/** @param wire what carries the socket */
	connect(socket: WebSocket, principal: Principal, wire: Duplex): void;
	close(): void;
}
