import { BlockList, isIP } from 'node:net';
import type { Asking } from './port.ts';

/** Proxies whose word about who asks counts; by default none, since anybody can write the header. */
export interface Proxies {
	/** Of the nearest hop that is none of them. */
	addressOf(asking: Asking): string;
	/** What the nearest of them says that the browser spoke; undefined when none of them sent it. */
	protocolOf(asking: Asking): string | undefined;
}

/** @param trusted addresses and networks, as in `10.0.0.0/8` */
export function createProxies(trusted: readonly string[]): Proxies {
	const list = new BlockList();
	for (const entry of trusted) {
		const [address = '', bits] = entry.split('/');
		const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
		list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
	}
	const isTrusted = (address: string) =>
		isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
	const peerOf = ({ socket }: Asking) => plain(socket.remoteAddress ?? '');

	return {
		addressOf(asking) {
			const hops = [...headerList(asking.headers['x-forwarded-for']).map(plain), peerOf(asking)];
			// From our end: each hop's word counts only as long as the one that wrote it down is trusted.
			let nearest = hops.pop() ?? '';
			while (isTrusted(nearest) && isIP(hops.at(-1) ?? '') !== 0) nearest = hops.pop() ?? '';
			return nearest;
		},
		protocolOf(asking) {
			if (!isTrusted(peerOf(asking))) return undefined;
			return headerList(asking.headers['x-forwarded-proto']).at(-1)?.toLowerCase();
		},
	};
}

/** An IPv4 address as such, not wrapped into IPv6, and without the port that some proxies add. */
function plain(address: string): string {
	return address
		.trim()
		.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
		.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
		.replace(/^\[([0-9a-f:.]+)\](?::\d+)?$/i, '$1')
		.toLowerCase();
}

function headerList(header: string | string[] | undefined): string[] {
	return (Array.isArray(header) ? header.join(',') : (header ?? ''))
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
}
