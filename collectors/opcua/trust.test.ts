import { X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrustFolder, describeCertificate } from './trust.ts';

const folder = mkdtempSync(join(tmpdir(), 'trust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const openssl = (...args: string[]) =>
	execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
const der = (name: string) => new X509Certificate(readFileSync(join(folder, `${name}.pem`))).raw;
const selfSigned = (name: string, more: string[] = []) =>
	openssl(
		'req',
		'-x509',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:prime256v1',
		'-nodes',
		'-keyout',
		`${name}.key`,
		'-out',
		`${name}.pem`,
		'-subj',
		`/CN=${name}`,
		'-days',
		'30',
		...more,
	);

beforeAll(() => {
	selfSigned('server');
	selfSigned('other');
	selfSigned('authority', ['-addext', 'basicConstraints=critical,CA:TRUE']);
	openssl(
		'req',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:prime256v1',
		'-nodes',
		'-keyout',
		'signed.key',
		'-out',
		'signed.csr',
		'-subj',
		'/CN=signed',
	);
	openssl(
		'x509',
		'-req',
		'-in',
		'signed.csr',
		'-CA',
		'authority.pem',
		'-CAkey',
		'authority.key',
		'-days',
		'30',
		'-out',
		'signed.pem',
	);
});

describe('a folder of trusted certificates', () => {
	const trusting = (...names: string[]) => {
		const trust = createTrustFolder(mkdtempSync(join(folder, 'in-')));
		for (const name of names) trust.add(der(name));
		return trust;
	};
	const now = new Date(Date.now() + 60_000);
	it('trusts what was put into it, and nothing else', () => {
		const trust = trusting('server');
		expect(trust.fault(der('server'), now)).toBeUndefined();
		expect(trust.fault(der('other'), now)).toMatch(/^nobody has trusted it yet \("CN=other", SHA-256 /);
	});
	it('trusts whom an authority in it has signed, while that is valid', () => {
		const trust = trusting('authority');
		expect(trust.fault(der('signed'), now)).toBeUndefined();
		expect(trust.fault(der('signed'), new Date(now.getTime() + 40 * 86_400_000))).toMatch(/^it has expired/);
		expect(trust.fault(der('signed'), new Date(now.getTime() - 86_400_000))).toMatch(/^it is valid from/);
		expect(trust.fault(der('other'), now)).toMatch(/^nobody/);
	});
	it('takes no server for an authority', () => {
		openssl(
			'x509',
			'-req',
			'-in',
			'signed.csr',
			'-CA',
			'server.pem',
			'-CAkey',
			'server.key',
			'-days',
			'30',
			'-out',
			'forged.pem',
			'-extfile',
			'/dev/null',
		);
		openssl(
			'req',
			'-x509',
			'-key',
			'server.key',
			'-out',
			'leaf.pem',
			'-subj',
			'/CN=server',
			'-days',
			'30',
			'-addext',
			'basicConstraints=CA:FALSE',
		);
		expect(trusting('leaf').fault(der('forged'), now)).toMatch(/^nobody/);
	});
	it('trusts the very one that a person has looked at whatever its dates are: many devices have no clock', () =>
		expect(trusting('server').fault(der('server'), new Date(0))).toBeUndefined());
	it('that is not there trusts nobody', () =>
		expect(createTrustFolder(join(folder, 'none')).fault(der('server'), now)).toMatch(/^nobody/));
	it('with a file that is no certificate is said, as a trusted one may have been meant', () => {
		const trust = trusting('server');
		writeFileSync(join(trust.folder, 'broken.pem'), 'not a certificate');
		expect(() => trust.fault(der('server'), now)).toThrow(/cannot read the certificate ".*broken.pem"/);
	});
	it('keeps files that nobody else writes', () =>
		expect(statSync(trusting().add(der('server'))).mode & 0o777).toBe(0o600));
	it('shows a stranger in lines that he cannot break', () => {
		selfSigned('evil', ['-subj', '/CN=good\nSHA-256  00:11']);
		expect(describeCertificate(der('evil')).every(([, text]) => !text.includes('\n'))).toBe(true);
	});
});
