import { BlockList, isIP } from 'node:net';

/** What an operator opened besides the public network. */
export interface AllowList {
	/** @param host name or address, without brackets; @param port as a number */
	hasHost(host: string, port: number): boolean;
	hasAddress(address: string): boolean;
}

/** @param entries `host:port`, an address, or a network as in `10.0.0.0/8` */
export function createAllowList(entries: readonly string[]): AllowList {
	const networks = new BlockList();
	const hosts = new Set<string>();
	for (const entry of entries) {
		const [address = '', bits] = entry.split('/');
		const family = isIP(address);
		if (family === 0) hosts.add(entry.toLowerCase().replace(/^\[(.*)\]:/, '$1:'));
		else networks.addSubnet(address, Number(bits ?? (family === 6 ? 128 : 32)), family === 6 ? 'ipv6' : 'ipv4');
	}
	return {
		hasHost: (host, port) => hosts.has(`${host.toLowerCase()}:${port}`),
		hasAddress: (address) => networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
	};
}
