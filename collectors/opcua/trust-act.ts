import type { ActContext } from '../kit/collector.ts';
import { discover, offersOf } from './client.ts';
import type { OpcuaConfig } from './config.ts';
import { fail, optionsOf } from './once.ts';
import { describeCertificate } from './trust.ts';

/** Shows the certificate of the server and puts it among the trusted ones when the person says so. */
export async function trustServer(config: OpcuaConfig, context: ActContext): Promise<void> {
	const options = optionsOf(config, context);
	const endpoints = await discover(options).catch(fail(config));
	context.print(`${config.url} offers ${offersOf(endpoints)}.`);
	const der = endpoints.find(({ serverCertificate }) => serverCertificate?.length > 0)?.serverCertificate;
	if (!der) return context.print('It has no certificate: only security: { mode: None } is possible.');
	for (const [name, text] of describeCertificate(der)) context.print(`  ${name.padEnd(8)} ${text}`);
	if (options.trust.fault(der, new Date()) === undefined)
		return context.print(`It is trusted already (${options.trust.folder}).`);
	const answer = await context.ask('Is this what the server itself shows? Trust it [y/N] ');
	if (!/^y(es)?$/i.test(answer.trim())) return context.print('Not trusted; nothing was changed.');
	context.print(`Trusted: ${options.trust.add(der)}`);
}
