import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Principal } from '#contracts/principal.ts';
import { messageOf } from '#contracts/error.ts';
import type { Asking, Auth } from '../auth/port.ts';
import type { Guard } from './guard.ts';
import type { SocketRoute } from './route.ts';

/** Sockets that were let in: who would not be let in any more, or as somebody else, is put out. */
export interface OpenSockets {
	add(socket: WebSocket, opened: Opened): void;
	stop(): void;
}

interface Opened {
	readonly route: SocketRoute;
	readonly headers: Asking['headers'];
	readonly principal: Principal;
}

/** What another process changed, or what expired, is known within this time. */
const LOOK_EVERY_MS = 4000;
/** Own code (4000-4999): the other side asks again with what it has, and gets a status. */
const NO_LONGER = 4401;

export function createOpenSockets(options: {
	readonly guard: Guard;
	readonly auth: Pick<Auth, 'onChange'>;
	readonly log: Logger;
}): OpenSockets {
	const { guard, auth, log } = options;
	const open = new Map<WebSocket, Opened>();

	async function look(): Promise<void> {
		// Many sockets of one browser or machine: each credential is asked about once (auth/known.ts).
		await Promise.all(
			[...open].map(async ([socket, { route, headers, principal }]) => {
				const now = await guard.again(route, headers);
				if (JSON.stringify(now) === JSON.stringify(principal)) return;
				socket.close(NO_LONGER, 'signed out, or other rights now');
			}),
		);
	}

	function lookSafely(): void {
		// The database does not answer: who was let in stays until it does.
		look().catch((error: unknown) => log.warn(`cannot look again who has sockets open: ${messageOf(error)}`));
	}

	const stopListening = auth.onChange(lookSafely);
	const timer = setInterval(lookSafely, LOOK_EVERY_MS).unref();
	return {
		add(socket, opened) {
			const { authorization, cookie } = opened.headers;
			const headers = { ...(authorization && { authorization }), ...(cookie && { cookie }) };
			open.set(socket, { ...opened, headers });
			socket.once('close', () => open.delete(socket));
		},
		stop() {
			clearInterval(timer);
			stopListening();
		},
	};
}
