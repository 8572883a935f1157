import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CertificatePurpose, createSelfSignedCertificate } from 'node-opcua-crypto';

/** By what a server knows us: it has to be put among its trusted clients once. */
export interface OwnCertificate {
	readonly der: Buffer;
	readonly keyPem: string;
	readonly applicationUri: string;
	/** Where the certificate is, for whoever has to carry it to the server. */
	readonly file: string;
}

const VALID_YEARS = 10;
const RSA = {
	name: 'RSASSA-PKCS1-v1_5',
	hash: 'SHA-256',
	modulusLength: 2048,
	publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** Made once per collector and kept; only this user can read the key. */
export async function ownCertificate(folder: string, collector: string): Promise<OwnCertificate> {
	const file = join(folder, 'own', 'certificate.pem');
	const keyFile = join(folder, 'own', 'key.pem');
	if (!existsSync(file)) await make({ file, keyFile, applicationUri: `urn:${hostname()}:sigmascope:${collector}` });
	const certificate = new X509Certificate(readFileSync(file));
	// A data folder that was moved to another machine keeps its name.
	const applicationUri = /URI:([^,]+)/.exec(certificate.subjectAltName ?? '')?.[1] ?? '';
	return { der: certificate.raw, keyPem: readFileSync(keyFile, 'utf8'), applicationUri, file };
}

async function make(wanted: { readonly file: string; readonly keyFile: string; readonly applicationUri: string }) {
	const pair = await crypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
	const { cert } = await createSelfSignedCertificate({
		privateKey: pair.privateKey,
		notBefore: new Date(Date.now() - 24 * 3600 * 1000),
		validity: VALID_YEARS * 365,
		subject: `CN=Sigmascope@${hostname()}`,
		dns: [hostname()],
		applicationUri: wanted.applicationUri,
		purpose: CertificatePurpose.ForApplication,
	});
	const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
	mkdirSync(join(wanted.file, '..'), { recursive: true, mode: 0o700 });
	// The key first: where there is a certificate there is its key.
	write(
		wanted.keyFile,
		`-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`,
	);
	write(wanted.file, cert);
}

function write(file: string, text: string): void {
	writeFileSync(`${file}.new`, text, { mode: 0o600 });
	renameSync(`${file}.new`, file);
}
