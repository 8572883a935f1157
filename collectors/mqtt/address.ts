/** How a broker is reached, by the scheme of its address. */
const SCHEMES: Readonly<Record<string, { readonly isSecure: boolean; readonly isWebSocket: boolean }>> = {
	'mqtt:': { isSecure: false, isWebSocket: false },
	'mqtts:': { isSecure: true, isWebSocket: false },
	'ws:': { isSecure: false, isWebSocket: true },
	'wss:': { isSecure: true, isWebSocket: true },
};

/** @returns why this is no address of a broker, or undefined when it is one */
export function addressFault(text: string): string | undefined {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const scheme = url && SCHEMES[url.protocol];
	if (!scheme || url.hostname === '')
		return 'write the address of a broker: mqtt://host:1883, mqtts://host:8883, ws://host:8083/mqtt or wss://host:8084/mqtt';
	if (url.username !== '' || url.password !== '')
		return 'put user name and password under "auth", not into the address';
	if (url.search !== '' || url.hash !== '') return 'leave out what follows ? or #: a broker has no use for it';
	if (!scheme.isWebSocket && url.pathname.length > 1)
		return `${url.protocol}// has no path; with a path it is ws:// or wss://`;
	return undefined;
}

export function isSecure(address: string): boolean {
	return SCHEMES[new URL(address).protocol]?.isSecure ?? false;
}

export function isWebSocket(address: string): boolean {
	return SCHEMES[new URL(address).protocol]?.isWebSocket ?? false;
}
