import type { WebSocket } from 'ws';
import type { Principal } from '#contracts/principal.ts';

/** `GET /api/v1/live`: takes over the socket of a reader. */
export interface LiveServer {
	connect(socket: WebSocket, principal: Principal): void;
	close(): void;
}
