import ipaddr from 'ipaddr.js';

/**
 * Services of clouds that answer on addresses which are public by number: what they tell (credentials) is meant for the
 * machine itself.
 */
const OF_THE_MACHINE = ['168.63.129.16'];
/** All that has been given out of IPv6; whatever lies outside has a meaning of its own. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address is one of the public network: not this machine, its network, a carrier's, a multicast group, or an
 * IPv4 address wrapped into IPv6 by which any of these could be reached through a translator.
 *
 * @param address IPv4 or IPv6 as `net.isIP` takes it
 */
export function isPublicAddress(address: string): boolean {
	if (!ipaddr.isValid(address)) return false;
	const parsed = ipaddr.process(address);
	if (parsed.range() !== 'unicast') return false;
	if (parsed instanceof ipaddr.IPv6) return parsed.match(GLOBAL_IPV6 as [ipaddr.IPv6, number]);
	return !OF_THE_MACHINE.includes(parsed.toString());
}
