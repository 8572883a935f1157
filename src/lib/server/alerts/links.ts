import { createHmac, timingSafeEqual } from 'node:crypto';
import { MICROS_PER_SECOND } from '#contracts/time.ts';

/** acknowledge: press the button; chart: look at the picture, and at nothing else. */
export type LinkAct = 'acknowledge' | 'chart';

/** What a link in an alert allows: one act on one violation, for some days. */
export interface LinkGrant {
	readonly violationId: string;
	readonly act: LinkAct;
	/** Channel that the link was sent to: who used it is not known better than that. */
	readonly channel: string;
	readonly expiresMicros: number;
}

const LIVES_SECONDS = 7 * 24 * 3600;
const SIGNATURE_BYTES = 32;

/** Links that work without signing in: signed, for one purpose, and for a time. The key never leaves this server. */
export interface Links {
	/** @param createdMicros of the message: with every attempt it has the same link */
	sign(grant: Omit<LinkGrant, 'expiresMicros'>, createdMicros: number): string;
	/** @returns undefined when it is none of ours or for something else, was changed, or is over */
	read(token: string, act: LinkAct, nowMicros: number): LinkGrant | undefined;
}

export function createLinks(key: Uint8Array): Links {
	const signatureOf = (text: string) => createHmac('sha256', key).update(`alert-link.${text}`).digest();
	return {
		sign({ act, violationId, channel }, createdMicros) {
			const expires = Math.floor(createdMicros / MICROS_PER_SECOND) + LIVES_SECONDS;
			const body = Buffer.from(JSON.stringify([act, violationId, channel, expires])).toString('base64url');
			return `${body}.${signatureOf(body).toString('base64url')}`;
		},
		read(token, wanted, nowMicros) {
			const [body = '', signature = ''] = token.split('.');
			const given = Buffer.from(signature, 'base64url');
			if (given.length !== SIGNATURE_BYTES || !timingSafeEqual(given, signatureOf(body))) return undefined;
			const [act, violationId, channel, expires] = JSON.parse(Buffer.from(body, 'base64url').toString()) as never[];
			if (act !== wanted) return undefined;
			const expiresMicros = Number(expires) * MICROS_PER_SECOND;
			if (!(nowMicros < expiresMicros)) return undefined;
			return { act: wanted, violationId: String(violationId), channel: String(channel), expiresMicros };
		},
	};
}
