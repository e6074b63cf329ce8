# One image for `sluice serve`, `sluice worker` and `sluice migrate`.
FROM python:3.13-slim

WORKDIR /sluice
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --system --create-home --home-dir /var/lib/sluice sluice

USER sluice
ENV SLUICE_HOME=/var/lib/sluice/home HOST=0.0.0.0
EXPOSE 8000
CMD ["sluice", "serve"]
