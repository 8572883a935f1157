import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RetriableError, messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';

/** Certificates of servers, or of authorities that sign them, as files of a folder; read each time. */
export interface TrustFolder {
	readonly folder: string;
	/** @returns why this certificate is not trusted, or undefined when it is. @throws RetriableError when the folder cannot be read */
	fault(der: Uint8Array, now: Date): string | undefined;
	/** @returns the file */
	add(der: Uint8Array): string;
}

const CERTIFICATE_FILE = /\.(der|pem|crt|cer)$/i;

export function createTrustFolder(folder: string): TrustFolder {
	return {
		folder,
		fault(der, now) {
			const certificate = new X509Certificate(der);
			const trusted = readAll(folder);
			// A person has looked at this very certificate: its dates are those of a clock that the device may not have.
			if (trusted.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) return undefined;
			if (!trusted.some((issuer) => isIssuedBy(certificate, issuer)))
				return `nobody has trusted it yet (${describe(certificate)})`;
			if (now < certificate.validFromDate) return `it is valid from ${certificate.validFrom} on`;
			return now > certificate.validToDate ? `it has expired on ${certificate.validTo}` : undefined;
		},
		add(der) {
			const certificate = new X509Certificate(der);
			const name = /CN=([^\n]+)/.exec(certificate.subject)?.[1] ?? 'server';
			const short = certificate.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase();
			mkdirSync(folder, { recursive: true, mode: 0o700 });
			const file = join(folder, `${name.replace(/[^a-zA-Z0-9.-]+/g, '-').slice(0, 60)}-${short}.pem`);
			writeFileSync(file, certificate.toString(), { mode: 0o600 });
			return file;
		},
	};
}

/** Where certificates of trusted servers are: as the configuration says, or beside our own. */
export function trustFolderOf({ trust }: { readonly trust?: string | undefined }, folder: string): string {
	return trust ?? join(folder, 'opcua', 'trusted');
}

/** For a person who compares it with what the server shows. */
export function describeCertificate(der: Uint8Array): readonly (readonly [string, string])[] {
	const certificate = new X509Certificate(der);
	return [
		['subject', oneLine(certificate.subject)],
		['issuer', certificate.subject === certificate.issuer ? 'itself' : oneLine(certificate.issuer)],
		['names', certificate.subjectAltName ?? 'none'],
		['valid', `${certificate.validFrom} to ${certificate.validTo}`],
		['SHA-1', certificate.fingerprint],
		['SHA-256', certificate.fingerprint256],
	];
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
	return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function readAll(folder: string): X509Certificate[] {
	return namesIn(folder).map((name) => {
		const file = join(folder, name);
		try {
			return new X509Certificate(readFileSync(file));
		} catch (cause) {
			throw new RetriableError(`cannot read the certificate ${quote(file)}: ${messageOf(cause)}`, { cause });
		}
	});
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).filter((name) => CERTIFICATE_FILE.test(name));
	} catch (cause) {
		// Nobody has trusted anybody yet.
		if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
		throw new RetriableError(`cannot read the folder ${quote(folder)}: ${messageOf(cause)}`, { cause });
	}
}

function describe(certificate: X509Certificate): string {
	return `${oneLine(certificate.subject)}, SHA-256 ${certificate.fingerprint256}`;
}

/** What a stranger has written into a certificate must not look like more than one line. */
function oneLine(text: string): string {
	return quote(text.replaceAll('\n', ', '));
}
