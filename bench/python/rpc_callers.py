#!/usr/bin/python3
"""Callers of an RPC server: threads with the real oslo.messaging client.

Reads jobs from stdin, one JSON object a line:
    {"topic", "version", "method", "calls": [{argument: value}, ...], "callers": 4}
Answers {"ready": true}, waits for one more line, lets the callers share the
calls, and answers {"started", "finished", "latencies": [ms, ...],
"errors": [text, ...]}. Both times are seconds of the monotonic clock, which
is the same for all processes of a machine. Ends with its input.
"""
import argparse
import json
import sys
import threading
import time

import oslo_common as oc


def say(answer):
    print(json.dumps(answer), flush=True)


def now():
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def run(client, context, job):
    calls = iter(job['calls'])
    latencies, errors = [], []
    gate = threading.Event()

    def caller():
        gate.wait()
        for arguments in calls:
            started = now()
            try:
                client.call(context, job['method'], **arguments)
            except Exception as e:
                reason = str(e).split('\n')[0][:200]
                errors.append('%s: %s' % (type(e).__name__, reason))
            else:
                latencies.append((now() - started) * 1000)

    threads = [threading.Thread(target=caller) for _ in range(job['callers'])]
    for thread in threads:
        thread.start()
    say({'ready': True})
    sys.stdin.readline()
    started = now()
    gate.set()
    for thread in threads:
        thread.join()
    return {'started': started, 'finished': now(),
            'latencies': latencies, 'errors': errors}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--url', required=True)
    p.add_argument('--exchange', default='nova')
    p.add_argument('--timeout', type=int, default=60)
    a = p.parse_args()
    om, tr = oc.transport(a.url, ['nova.exception'], (), a.exchange)
    for line in iter(sys.stdin.readline, ''):
        job = json.loads(line)
        target = om.Target(topic=job['topic'], version=job['version'],
                           exchange=a.exchange)
        client = oc.rpc_client(om, tr, target, timeout=a.timeout)
        say(run(client, oc.default_context(), job))
    oc.finish(tr, 0)


if __name__ == '__main__':
    main()
