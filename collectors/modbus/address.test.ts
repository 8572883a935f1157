import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.ts';

describe('the address of a device', () => {
	const f = (text: string, want: unknown) => expect(parseAddress(text)).toEqual(want);
	it('is TCP, at port 502 unless it is said', () => {
		f('tcp://plc', { transport: 'tcp', host: 'plc', port: 502 });
		f('tcp://10.0.0.5:1502', { transport: 'tcp', host: '10.0.0.5', port: 1502 });
		f('tcp://[::1]:1502', { transport: 'tcp', host: '::1', port: 1502 });
	});
	it('is RTU through a gateway', () => f('rtu+tcp://gw:4001', { transport: 'rtu-over-tcp', host: 'gw', port: 4001 }));
	it('is a serial line, by default as the standard has it: 19200 baud, 8 bits, even parity', () =>
		f('rtu:///dev/ttyUSB0', {
			transport: 'rtu',
			path: '/dev/ttyUSB0',
			baud: 19_200,
			parity: 'even',
			dataBits: 8,
			stopBits: 1,
		}));
	it('has two stop bits where there is no parity', () =>
		f('rtu:///dev/ttyS1?baud=9600&parity=none', {
			transport: 'rtu',
			path: '/dev/ttyS1',
			baud: 9600,
			parity: 'none',
			dataBits: 8,
			stopBits: 2,
		}));
	it.each([
		['plc:502', /^write tcp:\/\//],
		['http://plc', /^write tcp:\/\//],
		['tcp://u:p@plc', /no user/],
		['tcp://plc/x', /leave out what follows the port/],
		['rtu://dev/ttyUSB0', /three slashes/],
		['rtu:///dev/x?speed=9600', /"speed" is not known; there are baud/],
		['rtu:///dev/x?baud=fast', /baud is a rate/],
		['rtu:///dev/x?parity=mark', /parity is none, even or odd/],
		['rtu:///dev/x?dataBits=9', /dataBits is 7 or 8/],
		['rtu:///dev/x?stopBits=3', /stopBits is 1 or 2/],
	])('is not %s', (text, want) => expect(parseAddress(text)).toMatch(want));
});
