// The health check of a container: node healthy.mjs PORT ends with 0 while the service there is ready.
import process from 'node:process';

const [port] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch((error) => error.cause ?? error);
const isReady = answer.ok === true;
// docker inspect shows this of an unhealthy container.
console.log(answer.text ? await answer.text() : answer.message);
process.exit(isReady ? 0 : 1);
