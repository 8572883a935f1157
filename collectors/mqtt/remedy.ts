import { messageOf } from '#contracts/error.ts';
import { isSecure, isWebSocket } from './address.ts';
import type { MqttConfig } from './config.ts';

/** Why the broker cannot be reached, with what to do; never with the password, which no error here carries. */
export function remedy(error: Error, { url }: MqttConfig): string {
	const code = 'code' in error ? error.code : undefined;
	if (typeof code === 'number') return refusal(code, error);
	const text = messageOf(error) || String(code);
	switch (code) {
		case 'ECONNREFUSED':
			return 'nothing listens there; is the broker running?';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'this name is not known; check "url"';
		case 'ECONNRESET':
		case 'EPIPE':
			return 'the broker closed the connection';
		case 'SELF_SIGNED_CERT_IN_CHAIN':
		case 'DEPTH_ZERO_SELF_SIGNED_CERT':
		case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
		case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
			return `its certificate is signed by nobody who is trusted here (${code}); name the file of its CA in "tls.ca"`;
		case 'ERR_TLS_CERT_ALTNAME_INVALID':
			return `${text}; set "tls.servername" to a name that its certificate has`;
		case 'CERT_HAS_EXPIRED':
			return 'its certificate has expired';
		case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
		case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
			return `${text}; it wants a certificate of ours: set "tls.cert" and "tls.key"`;
		case 'ERR_SSL_WRONG_VERSION_NUMBER':
			return `${text}; does it speak TLS on this port?`;
	}
	if (/connack timeout/.test(text)) {
		return `it does not answer CONNECT; is this port MQTT with${isSecure(url) ? '' : 'out'} TLS?`;
	}
	if (isWebSocket(url) && /^Unexpected server response|subprotocol/.test(text))
		return `${text}; is this the path of MQTT? many brokers have it at /mqtt`;
	return text;
}

/** Reason codes of CONNACK, of 3.1.1 and 5. */
function refusal(code: number, error: Error): string {
	if (code === 4 || code === 5 || code === 0x86 || code === 0x87)
		return `${error.message}; check "auth" and the access rules of the broker`;
	if (code === 1 || code === 0x84) return `${error.message}; try protocol: "3.1.1"`;
	if (code === 2 || code === 0x85) return `${error.message}; set another "clientId"`;
	return error.message;
}
