#!/usr/bin/python3
"""Allocates networks for many new instances at once, with the real oslo.messaging client.

Prints one JSON object: instance uuid -> address, or what it failed with. Needs libs/testbed/python on its path.
"""
import argparse
import json
import threading
import uuid

import oslo_common as oc


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--url', required=True)
    p.add_argument('--topic', required=True)
    p.add_argument('--exchange', required=True)
    p.add_argument('--instances', type=int, required=True)
    a = p.parse_args()
    om, tr = oc.transport(a.url, ['nova.exception'], (), a.exchange)
    target = om.Target(topic=a.topic, version='1.13', exchange=a.exchange)
    client = oc.rpc_client(om, tr, target, timeout=60)
    context = oc.default_context()
    outcomes = {}

    def allocate(instance):
        try:
            info = client.call(
                context, 'allocate_for_instance', instance_id=instance, project_id='p', host='compute1',
                rxtx_factor=1, vpn=False, macs=None, requested_networks=None)
            outcomes[instance] = info[0]['network']['subnets'][0]['ips'][0]['address']
        except Exception as e:
            outcomes[instance] = '%s: %s' % (type(e).__name__, str(e).split('\n')[0])

    threads = [threading.Thread(target=allocate, args=[str(uuid.uuid4())]) for _ in range(a.instances)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(outcomes), flush=True)
    oc.finish(tr, 0)


if __name__ == '__main__':
    main()
