"""How fast it is: each module measures one thing; `./jingwei bench` lists them."""
