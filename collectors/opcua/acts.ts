import { join } from 'node:path';
import { ConfigError } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import type { ActContext } from '../kit/collector.ts';
import { discover, offersOf, openSession, type ClientOptions } from './client.ts';
import type { Item, OpcuaConfig } from './config.ts';
import { parseGlob } from './glob.ts';
import { remedy } from './remedy.ts';
import { nameVariables, type Named } from './resolve.ts';
import { readValues } from './services.ts';
import { fillTemplate } from './stream-name.ts';
import { createTrustFolder, describeCertificate, trustFolderOf } from './trust.ts';
import { readValue, type RawValue, type Value } from './value.ts';

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

/** Prints what the entries of the configuration, or a path that the person gives, find on the server. */
export async function browseServer(config: OpcuaConfig, context: ActContext): Promise<void> {
	const open = await openSession(optionsOf(config, context)).catch(fail(config));
	try {
		const items = context.argument === undefined ? config.items : [browsed(context.argument)];
		const onFault = (text: string) => context.print(`! ${text}`);
		const named = await nameVariables(open.session, { config: { ...config, items }, onFault }).catch(fail(config));
		const values = await readValues(
			open.session,
			named.map(({ node }) => node),
		).catch(fail(config));
		named.forEach((one, i) => values[i] && context.print(lineOf(one, readValue(values[i] as RawValue))));
		context.print(`${named.length} variables`);
	} finally {
		await open.close();
	}
}

function optionsOf(config: OpcuaConfig, { name, folder }: ActContext): ClientOptions {
	return {
		config,
		name,
		folder: join(folder, 'opcua'),
		trust: createTrustFolder(trustFolderOf(config.security, folder)),
	};
}

function browsed(path: string): Item {
	if (!parseGlob(path))
		throw new ConfigError(`cannot browse ${quote(path)}: write names with / between them, as Objects/Machine/**`);
	return {
		browse: path,
		labels: {},
		every: 1000,
		trigger: 'sample',
		method: 'subscribe',
		scale: 1,
		offset: 0,
	};
}

function lineOf({ node, path, item, unit }: Named, { v, reason }: Value): string {
	const where = path.length > 0 ? path.join('/') : fillTemplate(item.stream ?? '', { path });
	const value = isNaN(v) ? reason : `${v}${unit === '' ? '' : ` ${unit}`}${reason === '' ? '' : ` (${reason})`}`;
	return `${node}  ${quote(where)}  ${value}`;
}

/** A person at a terminal wants the cause, not where in our code it was noticed. */
function fail({ url }: OpcuaConfig): (error: unknown) => never {
	return (error) => {
		throw new ConfigError(`${url}: ${remedy(error)}`);
	};
}
