/** How a device is reached. */
export type Address =
	| { readonly transport: 'tcp' | 'rtu-over-tcp'; readonly host: string; readonly port: number }
	| {
			readonly transport: 'rtu';
			readonly path: string;
			readonly baud: number;
			readonly parity: 'none' | 'even' | 'odd';
			readonly dataBits: 7 | 8;
			readonly stopBits: 1 | 2;
	  };

const FORMS = 'tcp://host:502, rtu+tcp://host:4001 or rtu:///dev/ttyUSB0?baud=19200&parity=even';
const DEFAULT_PORT = 502;
const LINE = ['baud', 'parity', 'dataBits', 'stopBits'];

/** @returns the address, or why the text is none */
export function parseAddress(text: string): Address | string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	switch (url?.protocol) {
		case 'tcp:':
			return overNetwork(url, 'tcp');
		case 'rtu+tcp:':
			return overNetwork(url, 'rtu-over-tcp');
		case 'rtu:':
			return overSerial(url);
		default:
			return `write ${FORMS}`;
	}
}

function overNetwork(url: URL, transport: 'tcp' | 'rtu-over-tcp'): Address | string {
	if (url.hostname === '') return `write ${FORMS}`;
	if (url.username !== '' || url.password !== '') return 'Modbus knows no user and no password; leave them out';
	if (url.pathname.length > 1 || url.search !== '') return 'leave out what follows the port';
	return { transport, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || DEFAULT_PORT };
}

function overSerial(url: URL): Address | string {
	if (url.hostname !== '' || url.pathname.length < 2) return 'write three slashes and the device: rtu:///dev/ttyUSB0';
	const unknown = [...url.searchParams.keys()].find((name) => !LINE.includes(name));
	if (unknown !== undefined) return `"${unknown}" is not known; there are ${LINE.join(', ')}`;
	const of = (name: string, fallback: string) => url.searchParams.get(name) ?? fallback;
	const baud = Number(of('baud', '19200'));
	const parity = of('parity', 'even');
	const dataBits = Number(of('dataBits', '8'));
	const stopBits = Number(of('stopBits', parity === 'none' ? '2' : '1'));
	if (!Number.isInteger(baud) || baud < 300 || baud > 4_000_000) return 'baud is a rate: 9600, 19200, 115200';
	if (parity !== 'none' && parity !== 'even' && parity !== 'odd') return 'parity is none, even or odd';
	if (dataBits !== 7 && dataBits !== 8) return 'dataBits is 7 or 8';
	if (stopBits !== 1 && stopBits !== 2) return 'stopBits is 1 or 2';
	return { transport: 'rtu', path: decodeURIComponent(url.pathname), baud, parity, dataBits, stopBits };
}
