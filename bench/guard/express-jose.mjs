import express from 'express';
import { jwtVerify } from 'jose';

const secret = new TextEncoder().encode(process.env.SECRET);
const app = express();

app.use(async (request, response, next) => {
  try {
    const { payload } = await jwtVerify((request.headers.authorization ?? '').slice(7), secret, {
      algorithms: ['HS256'],
    });
    request.auth = payload;
    next();
  } catch {
    response.status(401).end();
  }
});
app.use((_request, response) => {
  response.status(204).end();
});
app.listen(Number(process.env.PORT), '127.0.0.1');
