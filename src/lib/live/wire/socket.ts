import type { LiveSocket, SocketHandlers } from './client.ts';

/** The browser's WebSocket as the client wants it. */
export function openSocket(url: string, handlers: SocketHandlers): LiveSocket {
	const socket = new WebSocket(url);
	socket.binaryType = 'arraybuffer';
	socket.addEventListener('open', () => handlers.onOpen());
	socket.addEventListener('close', () => handlers.onClose());
	socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
		if (typeof event.data === 'string') handlers.onText(event.data);
		else handlers.onBinary(event.data);
	});
	return { send: (text) => socket.send(text), close: () => socket.close() };
}
