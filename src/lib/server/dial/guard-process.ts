import { lookup } from 'node:dns/promises';
import { isIP, Socket, type LookupFunction } from 'node:net';
import { createAllowList } from './allow-list.ts';
import { refuseUnlessFine } from './dialer.ts';
import { DialRefused } from './port.ts';

interface Target {
	readonly host?: string;
	readonly port?: number | string;
	readonly path?: string | null;
	readonly lookup?: LookupFunction;
}

/**
 * From here on no socket of this process connects to what a person may not reach, whichever library opens it: for a process that does
 * nothing else than to try an address that somebody typed. Protocol libraries connect by themselves, so the check stands
 * where they all pass; it sees each address that is connected to, as the dialer's does.
 *
 * @param allow `SIGMASCOPE_ALLOW_ADDRESSES`
 */
export function guardProcess(allow: readonly string[]): void {
	const allowed = createAllowList(allow);
	const pinned: LookupFunction = (host, options, callback) => {
		lookup(host, { all: true, verbatim: true })
			.then((addresses) => {
				refuseUnlessFine(allowed, host, addresses);
				const [first] = addresses;
				if (options.all) callback(null, addresses);
				else callback(null, first?.address ?? '', first?.family ?? 4);
			})
			.catch((error: unknown) => callback(error as NodeJS.ErrnoException, []));
	};

	const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;

	function check(target: Target): Target {
		const { host = 'localhost', port } = target;
		if (target.path) throw new DialRefused('cannot connect to a file of this machine');
		if (allowed.hasHost(host, Number(port))) return target;
		if (isIP(host) !== 0) refuseUnlessFine(allowed, host, [{ address: host }]);
		return { ...target, host, lookup: pinned };
	}

	Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]): Socket {
		const { target, listener } = targetOf(args);
		try {
			return connect.call(this, check(target), listener);
		} catch (error) {
			process.nextTick(() => this.destroy(error as Error));
			return this;
		}
	} as typeof Socket.prototype.connect;
}

/** As `net` itself reads them: options, a port and a host, or what `net.connect` has already put in order. */
function targetOf(args: readonly unknown[]): { readonly target: Target; readonly listener: unknown } {
	const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
	const [first, second] = list;
	const listener = list.findLast((one) => typeof one === 'function');
	if (typeof first === 'object' && first !== null) return { target: first, listener };
	const isPath = typeof first === 'string' && !/^\d+$/.test(first);
	if (isPath) return { target: { path: first }, listener };
	const host = typeof second === 'string' ? { host: second } : {};
	return { target: { port: first as number | string, ...host }, listener };
}
